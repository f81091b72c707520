"""The tables of knowledge.db, and how files of earlier releases get those they lack.

    documents    what the files say now, one row a document; ``key`` stays when a row of a table moves
    earlier      versions that stay in force until a later one of the same document starts
    versions     every version ever imported, as JSON; ``document`` is the key, rowid the order
    corrections  fields set by hand, each for as long as the file's own value is ``base``
    withdrawals  documents taken out of service by hand, with the reason
    files        what was read from each file, so that an unchanged one is not read again
    imports      the log

The embedding cache (``embeddings``) belongs to the index. ``user_version`` counts changes of what is to be
served, so the shape of a file is told by its columns.
"""

from sqlite_utils import Database

from knowledge_base.document import Document

_DOCUMENT_COLUMNS = (*Document.__dataclass_fields__, "root", "file", "version", "imported_at", "key", "file_version")
_TABLES = (
    f"create table if not exists documents ({' text, '.join(_DOCUMENT_COLUMNS)} text, primary key (id))",
    "create table if not exists versions"
    " (document text, version text, content text, imported_at text, primary key (document, version))",
    "create table if not exists imports"
    " (id integer primary key, at text, root text, added int, changed int, unchanged int, removed int)",
    "create table if not exists earlier"
    " (key text, version text, effective_from text, effective_to text, primary key (key, version))",
    "create table if not exists corrections"
    " (key text, field text, value text, base text, since text, at text, primary key (key, field, base))",
    "create table if not exists withdrawals (key text primary key, reason text, at text)",
    "create table if not exists files"
    " (file text primary key, root text, stamp text, digest text, rules text, faults text, read_at text)",
)
_INDEXES = (
    "create index if not exists documents_by_file on documents (file)",
    "create index if not exists documents_by_key on documents (key)",
)


def bring_up_to_date(database: Database) -> None:
    """Create what is missing, in one transaction; costs a fraction of a millisecond when nothing is."""
    columns = _columns(database)
    if columns >= set(_DOCUMENT_COLUMNS):
        return
    database.conn.execute("begin immediate")
    try:
        for statement in _TABLES:
            database.conn.execute(statement)
        _add_columns(database)
        for statement in _INDEXES:
            database.conn.execute(statement)
    except BaseException:
        database.conn.rollback()
        raise
    database.conn.commit()


def _columns(database: Database) -> set[str]:
    return {row[1] for row in database.conn.execute("pragma table_info(documents)")}


def _add_columns(database: Database) -> None:
    missing = [name for name in _DOCUMENT_COLUMNS if name not in _columns(database)]
    for name in missing:
        database.conn.execute(f"alter table documents add column {name} text")
    if missing:
        database.conn.execute(
            "update documents set key = coalesce(key, id), file_version = coalesce(file_version, version),"
            " supersedes = coalesce(supersedes, '')"
        )
