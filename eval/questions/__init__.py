"""Question files: ``dataset`` reads them into ``question``, ``checks`` says what is doubtful in them."""
