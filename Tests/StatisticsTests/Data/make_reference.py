#!/usr/bin/env python3
"""Makes reference.json, against which the module Statistics is checked.

Needs SciPy (pip install scipy). Usage: python3 make_reference.py > reference.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats


def groups(generator):
    """Named data sets: small, tied, skewed, large, nearly constant."""
    return {
        "five": generator.normal(100, 1, 5),
        "seven": generator.normal(60e6, 2e5, 7),
        "tied": np.round(generator.normal(10, 2, 12)),
        "skewed": generator.lognormal(0, 1, 15),
        "twenty": generator.normal(-3, 0.5, 20),
        "trace": np.cumsum(generator.normal(0, 1, 60)) + 200,
    }


def describe(values):
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    mean = float(np.mean(values))
    centred = values - mean
    return {
        "values": values.tolist(),
        "mean": mean,
        "variance": float(np.var(values, ddof=1)),
        "median": float(np.median(values)),
        "mad": float(stats.median_abs_deviation(values)),
        "quantiles": {str(p): float(np.quantile(values, p)) for p in (0, 0.05, 0.25, 0.6, 0.95, 1)},
        "t_interval": [mean - half, mean + half],
        "autocorrelation": [
            float(np.sum(centred[: len(values) - lag] * centred[lag:]) / np.sum(centred**2))
            for lag in (1, 2)
        ],
    }


def bootstrap(values):
    """BCa with many resamples: ours has fewer, so the comparison has a tolerance."""
    result = stats.bootstrap(
        (values,), np.mean, confidence_level=0.95, n_resamples=99_999, method="BCa",
        random_state=np.random.default_rng(1))
    interval = result.confidence_interval
    return {
        "values": values.tolist(),
        "interval": [float(interval.low), float(interval.high)],
        "standard_error": float(result.standard_error),
    }


def two_groups(first, second, exact):
    result = {
        "first": first.tolist(),
        "second": second.tolist(),
        "welch": list(map(float, stats.ttest_ind(first, second, equal_var=False))),
        "welch_df": float(stats.ttest_ind(first, second, equal_var=False).df),
        "mann_whitney_asymptotic": list(
            map(float, stats.mannwhitneyu(first, second, method="asymptotic"))),
    }
    if exact:
        result["mann_whitney_exact"] = list(
            map(float, stats.mannwhitneyu(first, second, method="exact")))
    return result


def pairs(first, second, exact):
    result = {
        "first": first.tolist(),
        "second": second.tolist(),
        "paired_t": list(map(float, stats.ttest_rel(first, second))),
        "signed_rank_asymptotic": list(
            map(float, stats.wilcoxon(first, second, method="asymptotic"))),
    }
    if exact:
        result["signed_rank_exact"] = list(
            map(float, stats.wilcoxon(first, second, method="exact")))
    return result


def line(x, y):
    fit = stats.linregress(x, y)
    half = stats.t.ppf(0.975, len(x) - 2) * fit.stderr
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "slope": float(fit.slope),
        "intercept": float(fit.intercept),
        "slope_error": float(fit.stderr),
        "intercept_error": float(fit.intercept_stderr),
        "slope_interval": [float(fit.slope - half), float(fit.slope + half)],
    }


def ratio(numerators, denominators):
    """Cochran 1977, section 6.4; SciPy has no ratio estimator, NumPy does the sums."""
    value = numerators.sum() / denominators.sum()
    residuals = numerators - value * denominators
    n = len(numerators)
    variance = n * np.sum(residuals**2) / (n - 1) / denominators.sum() ** 2
    return {
        "numerators": numerators.tolist(),
        "denominators": denominators.tolist(),
        "value": float(value),
        "standard_error": float(np.sqrt(variance)),
    }


def main():
    generator = np.random.default_rng(20261121)
    data = groups(generator)
    before = generator.normal(100, 1, 8)
    t_points = [
        (p, df) for df in (1, 2, 4, 4.7, 19, 120, 5000) for p in (0.005, 0.025, 0.3, 0.9, 0.975)
    ]
    poisson_points = [(0, 0.5), (3, 3.2), (10, 25.0), (1000, 1024.0), (1100, 1024.0), (5e5, 5.01e5)]
    reference = {
        "made_by": f"SciPy {scipy.__version__}, NumPy {np.__version__}, seed 20261121",
        "describe": {name: describe(values) for name, values in data.items()},
        "bootstrap": {name: bootstrap(data[name]) for name in ("tied", "skewed", "twenty")},
        "groups": [
            two_groups(data["five"], generator.normal(101.5, 2, 6), True),
            two_groups(data["twenty"], generator.normal(-3.1, 0.9, 18), True),
            two_groups(data["tied"], np.round(generator.normal(11, 2, 9)), False),
        ],
        "pairs": [
            pairs(before, before + generator.normal(0.5, 0.7, 8), True),
            pairs(data["tied"], data["tied"] + generator.integers(-2, 4, 12), False),
        ],
        "lines": [
            line(np.arange(60.0), data["trace"]),
            line(generator.uniform(0, 9, 15), generator.normal(4, 1, 15)),
        ],
        "ratios": [
            ratio(generator.normal(6e8, 3e6, 5), generator.normal(1.2e4, 60, 5)),
            ratio(generator.normal(5, 1, 20), generator.normal(2, 0.3, 20)),
        ],
        "t_cumulative": [
            [x, df, float(stats.t.cdf(x, df))] for x in (-3.0, -0.4, 0.0, 1.7, 12.0)
            for df in (1, 2.5, 4, 30, 900)
        ],
        "t_quantile": [[p, df, float(stats.t.ppf(p, df))] for p, df in t_points],
        "normal_cumulative": [[z, float(stats.norm.cdf(z))] for z in (-6, -1.96, 0, 0.3, 4)],
        "normal_quantile": [[p, float(stats.norm.ppf(p))] for p in (1e-9, 0.025, 0.5, 0.84, 0.999)],
        "poisson_cumulative": [
            [k, mean, float(stats.poisson.cdf(k, mean))] for k, mean in poisson_points
        ],
    }
    json.dump(reference, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
