"""The checkable facts of Korean text, in one form whatever their spelling."""
