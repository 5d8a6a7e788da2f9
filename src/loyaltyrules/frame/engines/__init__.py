# SPDX-License-Identifier: Apache-2.0
"""Tables beyond memory: families of records brought to the kernel inside of Spark, Dask or DuckDB."""
