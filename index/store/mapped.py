"""Files at least this large are memory-mapped; smaller files are read whole.

A mapped file takes memory only for the parts that are used. But cutting or overwriting it in place
(`cp` onto it, `rsync --inplace`) kills the process that has it mapped, so small files, such as the
content of a single clinic, are read whole.
"""

MAP_FROM_BYTES = 64 << 20
