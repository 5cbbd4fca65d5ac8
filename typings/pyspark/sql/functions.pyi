# Functions over Arrow arrays.

from collections.abc import Callable
from typing import Any

import pyarrow as pa

def arrow_udf(f: Callable[..., pa.Array], returnType: str) -> Any: ...
