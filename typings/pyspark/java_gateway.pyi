# Starting the Java process.

from typing import Any

from pyspark import SparkConf

def launch_gateway(conf: SparkConf, popen_kwargs: dict[str, Any]) -> Any: ...
