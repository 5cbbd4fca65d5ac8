# What Hearthlink asks of py4j, which is installed with Spark alone.
