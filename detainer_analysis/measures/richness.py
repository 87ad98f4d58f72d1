"""How many different places should a number of declines have touched? Species richness, for decliners.

A decline is an individual, a place that declines is a species. With n declines in hand, S places among them,
f1 seen once and f2 seen twice, the estimators of ecology say how many places a smaller or larger number of
declines would touch, *if declines were independent draws from fixed shares*. They are not: places adopt and drop
policies. The estimates are therefore a yardstick, to be tested against what was counted later.

References: Chao (1984), Scandinavian Journal of Statistics 11, 265-270 (the lower bound of unseen species);
Colwell et al. (2012), Journal of Plant Ecology 5, 3-21 (rarefaction and extrapolation); Chao et al. (2014),
Ecological Monographs 84, 45-67 (the same as one framework, and the bootstrap).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaln

from detainer_analysis.intervals import Interval


def _counts(counts: pd.Series | np.ndarray) -> np.ndarray:
    found = np.asarray(counts, dtype=float)
    found = found[found > 0]
    if not len(found):
        raise ValueError("no place has a decline")
    return found


def unseen(counts: pd.Series | np.ndarray) -> float:
    """Chao's (1984) lower bound of the number of places not yet seen.

    Parameters
    ----------
    counts : array of shape (places,)
        Declines per place.
    """
    found = _counts(counts)
    n, once, twice = found.sum(), (found == 1).sum(), (found == 2).sum()
    pairs = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return float((n - 1) / n * pairs)


def expected_places(counts: pd.Series | np.ndarray, declines: float) -> float:
    """Places that `declines` draws are expected to touch.

    Below the number in hand, by exact rarefaction; above, by extrapolation (Colwell et al. 2012, equations
    4 and 9).

    Parameters
    ----------
    counts : array of shape (places,)
        Declines per place.
    declines : float
        Number of draws.

    Raises
    ------
    ValueError
        If `declines` is negative or no place has a decline.
    """
    if declines < 0:
        raise ValueError(f"a number of declines is not negative: {declines}")
    found = _counts(counts)
    n = found.sum()
    if declines <= n:
        # A place with x declines is missed with probability C(n - x, m) / C(n, m).
        rest = n - found
        possible = rest >= declines
        log_missed = (
            gammaln(rest[possible] + 1)
            - gammaln(rest[possible] - declines + 1)
            - gammaln(n + 1)
            + gammaln(n - declines + 1)
        )
        return float(len(found) - np.exp(log_missed).sum())
    hidden, once = unseen(found), (found == 1).sum()
    if hidden == 0 or once == 0:
        return float(len(found))
    return float(len(found) + hidden * (1 - (1 - once / (n * hidden + once)) ** (declines - n)))


def interval(counts: pd.Series | np.ndarray, declines: float, seed: int, repeats: int = 200) -> Interval:
    """95 percent interval of `expected_places`: the estimate and 1.96 bootstrap standard errors to either side.

    The bootstrap is that of Chao et al. (2014): draws come from shares that leave room for unseen places, so a
    resample can hold them too.

    Parameters
    ----------
    counts : array of shape (places,)
        Declines per place.
    declines : float
        Number of draws to predict.
    seed : int
        Of the random generator.
    repeats : int
        Number of resamples.
    """
    found = _counts(counts)
    n, once, twice = found.sum(), (found == 1).sum(), (found == 2).sum()
    hidden = int(np.ceil(unseen(found)))
    covered = 1 - once / n * ((n - 1) * once / ((n - 1) * once + 2 * twice) if once else 0)
    share = found / n
    tail = share * (1 - share) ** n
    shrink = (1 - covered) / tail.sum() if tail.sum() else 0
    shares = np.concatenate([share * (1 - shrink * (1 - share) ** n), np.full(hidden, (1 - covered) / max(hidden, 1))])
    random = np.random.default_rng(seed)
    # One uniform number a draw: `multinomial` uses up more or fewer of them as the last digit of a share falls, and
    # that digit differs among releases of NumPy, so that everything drawn later would differ too.
    resamples = random.choice(len(shares), size=(repeats, int(n)), p=shares / shares.sum())
    error = float(np.std([expected_places(np.bincount(draw), declines) for draw in resamples], ddof=1))
    estimate = expected_places(found, declines)
    return Interval(estimate - 1.96 * error, estimate + 1.96 * error)


def by_reading(declines: pd.DataFrame) -> dict[str, pd.Series]:
    """Declines per place under each reading of "jurisdiction"; rows without a place are left out.

    Parameters
    ----------
    declines : pandas.DataFrame
        ``facility``, ``city``, ``state``, ``county_fips``, ``declined``.

    Returns
    -------
    dict
        ``"facility"`` (name, city and state), ``"city"`` (city and state) and ``"county"``: declines per unit.
    """
    placed = declines[declines["state"].notna() & declines["city"].notna()]
    keys = {"facility": ["facility", "city", "state"], "city": ["city", "state"], "county": ["county_fips"]}
    return {name: placed.groupby(key)["declined"].sum() for name, key in keys.items()}


def predictions(declines: pd.DataFrame, target: float, seed: int) -> pd.DataFrame:
    """Places expected at `target` declines under each reading, with intervals.

    Returns
    -------
    pandas.DataFrame
        Indexed by reading: ``declines`` and ``places`` in hand, ``seen_once``, ``target``, ``expected``, ``low``,
        ``high``.
    """
    rows = {}
    for name, counts in by_reading(declines).items():
        ends = interval(counts, target, seed)
        rows[name] = {
            "declines": int(counts.sum()),
            "places": len(counts),
            "seen_once": int(counts.eq(1).sum()),
            "target": target,
            "expected": expected_places(counts, target),
            "low": ends.low,
            "high": ends.high,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
