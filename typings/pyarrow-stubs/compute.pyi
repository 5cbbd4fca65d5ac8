# pyarrow makes these functions when it is imported, so a checker cannot see them in its source.
from typing import Any

def __getattr__(name: str) -> Any: ...
