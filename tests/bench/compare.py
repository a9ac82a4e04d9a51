"""What has become of the figures: compare.py OLD_HG_BENCH NEW_HG_BENCH [--times N] [OPTION OF hg_bench...].

Both run in turn, N times (ten), so that whatever else the machine does disturbs both alike. A row is slower if its minimum
over all runs and the median of its medians both are, by more than 3 percent beyond what the bare call of the same row has
changed, which is the same code in both."""
import argparse
import statistics
import sys

import performance

MORE = 0.03


class Row:
    def __init__(self):
        self.minimum, self.median = ([], []), ([], [])

    def note(self, which, series):
        self.minimum[which].append(series["minimum"])
        self.median[which].append(series["median"])

    def ratios(self):
        """New over old; none where one of the two was not measured, or is nothing."""
        least = [min(runs, default=0) for runs in self.minimum]
        middle = [statistics.median(runs) if runs else 0 for runs in self.median]
        return (least[1] / least[0], middle[1] / middle[0]) if min(least + middle) > 0 else None


def run_in_turn(benches, times, arguments):
    rows = {}
    for turn in range(times):
        for which, bench in (0, benches[0]), (1, benches[1]):
            for series in performance.measure(bench, arguments)["series"]:
                rows.setdefault((series["measurement"], series["variant"]), Row()).note(which, series)
        print(f"{turn + 1} of {times}", file=sys.stderr)
    return rows


def is_slower(ratios, bare):
    beside = bare or (1, 1)
    return all(ratio / max(1, other) > 1 + MORE for ratio, other in zip(ratios, beside))


def show(rows):
    slower = []
    print(f"{'row':48} {'variant':36} {'old':>10} {'new':>10} {'minimum':>8} {'median':>7}  new over old")
    for (measurement, variant), row in rows.items():
        ratios = row.ratios()
        if not variant.startswith("handleguard") or not ratios:
            continue
        bare = rows.get((measurement, performance.BARE), Row()).ratios()
        verdict = is_slower(ratios, bare)
        slower += [f"{measurement}: {variant}"] if verdict else []
        print(f"{measurement:48} {variant:36} {min(row.minimum[0]):10.1f} {min(row.minimum[1]):10.1f} {ratios[0]:8.3f} "
              f"{ratios[1]:7.3f}{'  slower' if verdict else ''}")
    return slower


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--times", type=int, default=10, help="how often each of the two runs (10)")
    options, arguments = parser.parse_known_args()
    slower = show(run_in_turn((options.old, options.new), options.times, arguments))
    print(f"Slower by more than {MORE:.0%}: {'; '.join(slower) or 'nothing'}.")
    return bool(slower)


if __name__ == "__main__":
    sys.exit(main())
