# Spark's own faults.

class PySparkException(Exception):
    def getCondition(self) -> str | None: ...
