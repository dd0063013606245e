"""How many threads numpy computes with."""

from __future__ import annotations


def limit_blas_threads() -> None:
    """Have numpy use one thread per search.

    Its sums here are small: divided among threads they cost more than twice the processor time in
    waiting for each other, which others would have used (docs/benchmarks.md).
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
