"""The logistic regression: its minimum, and the folds that figures were found with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models.logistic_regression import fit_logistic, stratified_folds


def drawn(seed: int, rows: int = 200) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, 4)) * draw.uniform(0.1, 3, 4) + 2
    return x, x[:, 0] - x[:, 1] + draw.normal(size=rows) > 0


@pytest.mark.parametrize("c", [0.1, 10.0])
def test_the_gradient_is_nothing_at_the_fitted_weights(c: float) -> None:
    x, y = drawn(1)
    model = fit_logistic(x, y, c=c)
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    errors = model.probabilities(x) - y
    np.testing.assert_allclose(c * standard.T @ errors + model.coefficients, 0, atol=1e-7)
    np.testing.assert_allclose(errors.sum(), 0, atol=1e-7)  # the intercept is not penalised


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_model_and_the_folds_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import StandardScaler

    x, y = drawn(seed)
    ours = fit_logistic(x, y, c=0.1)
    theirs = LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000)
    theirs.fit(StandardScaler().fit_transform(x), y)
    np.testing.assert_allclose(ours.coefficients, theirs.coef_[0], atol=1e-6)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-6)
    expected = np.zeros(len(y), dtype=int)
    folds = StratifiedKFold(10, shuffle=True, random_state=0).split(x, y)
    for number, (_, rows) in enumerate(folds):
        expected[rows] = number
    assert stratified_folds(y, 10).tolist() == expected.tolist()


def test_a_column_that_never_varies_counts_for_nothing() -> None:
    x, y = drawn(2)
    x[:, 2] = 7.0
    model = fit_logistic(x, y, c=1.0)
    assert model.coefficients[2] == pytest.approx(0, abs=1e-9)
    assert np.isfinite(model.probabilities(x)).all()


def test_labels_that_a_line_divides_give_finite_weights() -> None:
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    model = fit_logistic(x, x[:, 0] > 0, c=1e4)
    assert np.isfinite(model.coefficients).all()
    assert (model.probabilities(x) > 0.5).tolist() == [False, False, True, True]
    assert model.probabilities(np.array([[1e6], [-1e6]])).tolist() == [1.0, 0.0]


@settings(max_examples=50)
@given(st.lists(st.booleans(), min_size=20, max_size=120), st.integers(2, 10))
def test_each_fold_has_its_share_of_both_labels(labels: list[bool], folds: int) -> None:
    is_true = np.array(labels)
    fold_of = stratified_folds(is_true, folds)
    for label in (True, False):
        counts = np.bincount(fold_of[is_true == label], minlength=folds)
        assert counts.max() - counts.min() <= 1
    assert stratified_folds(is_true, folds).tolist() == fold_of.tolist()
