"""What may be asked of a database: one SELECT that changes nothing, takes no lock, and calls nothing that reaches out of the tables."""

from __future__ import annotations

import logging
import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hearthlink.errors import WrongUse

DIALECTS = {
    "postgresql": "postgres",
    "mssql": "tsql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "oracle": "oracle",
    "sqlite": "sqlite",
}

REACHING = re.compile(
    r"(pg_(read|write|ls|stat_file|sleep|terminate|cancel|reload|rotate|advisory|try_advisory|logical|create|drop|promote|switch|"
    r"start|stop|backup|export|import|notify|replication)\w*|lo_\w+|dblink\w*|set_config|nextval|setval|\w*_to_xml\w*|"
    r"load_extension|readfile|writefile|edit|fts3_tokenizer|zipfile|xp_\w+|sp_\w+|open(rowset|datasource|query|xml)|utl_\w+|dbms_\w+|httpuritype|"
    r"load_file|sleep|benchmark|get_lock|sys_eval|sys_exec)",
    re.IGNORECASE,
)
"""Functions that read files, reach other servers, wait, take locks or change something though they stand in a SELECT."""

WRITING = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
    exp.Into,
    exp.Lock,
    exp.Set,
    exp.Pragma,
    exp.Use,
    exp.Copy,
)

LOCKING = re.compile(r"UPDLOCK|XLOCK|TABLOCK|PAGLOCK|ROWLOCK|HOLDLOCK|SERIALIZABLE", re.IGNORECASE)

REMEDY = "Write one query that begins with SELECT or WITH, and names the columns that are needed."


def require_one_select(query: str, backend: str, called: str) -> None:
    """Raise WrongUse unless a query is one SELECT, with nothing in it that writes, locks or reaches out.

    The user that asks should besides have no right to write: what a server can do by functions of its own, no list can hold.
    """
    said = _parsed(query, backend)
    if said is None:
        raise WrongUse("The query is not understood.", file=called, remedy=REMEDY)
    statements = [one for one in said if one is not None and not isinstance(one, exp.Semicolon)]
    if len(statements) != 1:
        raise WrongUse(f"There are {len(statements)} statements where one query should be.", file=called, remedy=REMEDY)
    statement = statements[0]
    if not isinstance(statement, exp.Query):
        raise WrongUse("The statement is not a query.", file=called, remedy=REMEDY)
    if _asks_for_everything(statement):
        raise WrongUse("The query asks for every column (*).", file=called, remedy=REMEDY)
    for part in statement.walk():
        hinted = part.sql() if isinstance(part, exp.WithTableHint) else ""
        if isinstance(part, WRITING) or LOCKING.search(hinted):
            raise WrongUse("The query would change or lock something.", file=called, remedy=REMEDY)
        if isinstance(part, exp.Func) and any(REACHING.fullmatch(name) for name in _names(part)):
            raise WrongUse("The query calls a function that reaches out of the tables.", file=called, remedy=REMEDY)


def _parsed(query: str, backend: str) -> list[exp.Expr | None] | None:
    """The statements of a text; None where they cannot be told. What the parser would say of them on its own account is not let out."""
    log = logging.getLogger("sqlglot")
    before, log.disabled = log.disabled, True
    try:
        return list(sqlglot.parse(query, dialect=DIALECTS.get(backend)))
    except (SqlglotError, RecursionError):
        return None
    finally:
        log.disabled = before


def _names(function: exp.Func) -> tuple[str, ...]:
    """The name of a function, and that of the package before it."""
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    before = function.parent.this.name if isinstance(function.parent, exp.Dot) else ""
    return name, before


def _asks_for_everything(query: exp.Expr) -> bool:
    """Whether the query's own columns are not named: then some would leave the database that nobody asked for."""
    if isinstance(query, exp.SetOperation):
        return _asks_for_everything(query.left) or _asks_for_everything(query.right)
    if isinstance(query, exp.Subquery):
        return _asks_for_everything(query.this)
    columns = [column.unalias() for column in query.selects] if isinstance(query, exp.Query) else []
    return any(isinstance(c, exp.Star) or (isinstance(c, exp.Column) and isinstance(c.this, exp.Star)) for c in columns)
