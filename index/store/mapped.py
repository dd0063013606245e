"""From which size on a file of a generation is mapped into memory instead of read into it.

A mapped file costs the memory of the parts that are used. But whoever cuts or overwrites it in
place (`cp` onto it, `rsync --inplace`) kills the process that has it mapped, so what is small, as
the content of any one clinic is, is read whole.
"""

MAP_FROM_BYTES = 64 << 20
