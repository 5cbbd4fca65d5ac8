# The loggers of pyspark itself.

from logging import Logger

class PySparkLogger(Logger):
    @staticmethod
    def getLogger(name: str) -> PySparkLogger: ...
