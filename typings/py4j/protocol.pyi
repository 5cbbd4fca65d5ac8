# The faults of a call from Python into Java.

from typing import Any

class Py4JError(Exception): ...

class Py4JJavaError(Py4JError):
    java_exception: Any
