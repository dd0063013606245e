"""Kernel ridge regression: votes for targets, weighted by similarity to labelled texts.

The kernel is K(x, z) = exp(g (x.z - 1)), a radial basis function on unit vectors, with sharpness
g. Fitting solves (K + r I) A = Y - mean(Y) (Saunders, Gammerman & Vovk 1998), and the prediction
for each training row without that row has a closed form: y_i - A_i / inv(K + r I)_ii
(Rasmussen & Williams 2006, section 5.4.2), where A is solved with the mean of the other rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class KernelRidge:
    """Fitted coefficients: float64, shape (rows, targets), and the targets' means (targets,)."""

    coefficients: NDArray[np.float64]
    means: NDArray[np.float64]
    sharpness: float

    def predict(self, similarities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the vote for each target: shape (..., targets) from similarities (..., rows).

        Without rows every vote is 0.
        """
        kernel = np.exp(self.sharpness * (np.asarray(similarities, dtype=np.float64) - 1.0))
        votes: NDArray[np.float64] = kernel @ self.coefficients + self.means
        return votes


def fit_kernel_ridge(
    similarities: NDArray[np.floating],
    targets: NDArray[np.floating],
    *,
    sharpness: float,
    ridge: float,
) -> tuple[KernelRidge, NDArray[np.float64]]:
    """Fit, and return the model and the leave-one-out votes of the rows, shape (rows, targets).

    `similarities` are cosines between all rows, shape (rows, rows); `targets` has shape
    (rows, targets).
    """
    kernel = np.exp(sharpness * (np.asarray(similarities, dtype=np.float64) - 1.0))
    labels = np.asarray(targets, dtype=np.float64)
    means: NDArray[np.float64] = np.ones(len(labels)) @ labels / max(len(labels), 1)
    inverse = np.asarray(np.linalg.inv(kernel + ridge * np.eye(len(kernel))), dtype=np.float64)
    coefficients: NDArray[np.float64] = inverse @ (labels - means)
    # Each row's own label is left out of the mean as well.
    means_of_others = (len(labels) * means - labels) / max(len(labels) - 1, 1)
    solved = inverse @ labels - inverse.sum(axis=1)[:, None] * means_of_others
    left_out = labels - solved / np.diag(inverse)[:, None]
    return KernelRidge(coefficients, means, sharpness), left_out
