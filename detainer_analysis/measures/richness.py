"""How many different places should a number of declines have touched? Species richness, for decliners.

A decline is an individual, a place that declines is a species. With n declines in hand, S places among them,
f1 seen once and f2 seen twice, the estimators of ecology say how many places a smaller or larger number of
declines would touch, *if declines were independent draws from fixed shares*. They are not: places adopt and drop
policies. The estimates are therefore a yardstick, to be tested against what was counted later.

References: Chao (1984), Scandinavian Journal of Statistics 11, 265-270 (the lower bound of unseen species);
Colwell et al. (2012), Journal of Plant Ecology 5, 3-21 (rarefaction and extrapolation); Chao and Jost (2012),
Ecology 93, 2533-2547 (coverage); Chao et al. (2014), Ecological Monographs 84, 45-67 (the same as one framework, and
the bootstrap).
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
    return _unseen(*_singles(_counts(counts)))


def coverage(counts: pd.Series | np.ndarray) -> float:
    """Estimated share of all declines that fall on places already seen (Chao and Jost 2012, equation 4).

    Where no place was seen exactly twice, the form of that equation for this case is used.

    Parameters
    ----------
    counts : array of shape (places,)
        Declines per place.
    """
    n, once, twice = _singles(_counts(counts))
    if not once:
        return 1.0
    numerator, pairs = ((n - 1) * once, 2 * twice) if twice else ((n - 1) * (once - 1), 2)
    return float(1 - once / n * numerator / (numerator + pairs))


def new_places(n: float, once: float, twice: float, declines: float) -> float:
    """Places that are expected to be touched for the first time between `n` and `declines` draws.

    Extrapolation of Colwell et al. (2012), equation 9.

    Parameters
    ----------
    n, once, twice : float
        Declines in hand, and how many places have exactly one and exactly two of them.
    declines : float
        Number of draws, at least `n`.
    """
    hidden = _unseen(n, once, twice)
    if hidden == 0 or once == 0:
        return 0.0
    return float(hidden * (1 - (1 - once / (n * hidden + once)) ** (declines - n)))


def _singles(found: np.ndarray) -> tuple[float, float, float]:
    return float(found.sum()), float((found == 1).sum()), float((found == 2).sum())


def _unseen(n: float, once: float, twice: float) -> float:
    pairs = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return (n - 1) / n * pairs


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
    return len(found) + new_places(*_singles(found), declines)


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
    n = found.sum()
    hidden = int(np.ceil(unseen(found)))
    covered = coverage(found)
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
