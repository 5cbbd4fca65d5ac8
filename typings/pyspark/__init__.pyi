# What Hearthlink asks of pyspark, which is installed where Spark is used.

from typing import Any, ClassVar

class SparkConf:
    def __init__(self, loadDefaults: bool = ...) -> None: ...
    def setAll(self, pairs: list[tuple[str, str]]) -> SparkConf: ...

class SparkContext:
    _active_spark_context: ClassVar[SparkContext | None]
    _gateway: ClassVar[Any]
    _jvm: ClassVar[Any]
    def __init__(self, *, conf: SparkConf, gateway: Any) -> None: ...
