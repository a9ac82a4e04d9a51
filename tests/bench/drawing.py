"""Curves as pictures: gnuplot's SVG, on no ground, in colours that can be read on white and on black."""
import math
import subprocess

GREY = "#808890"
COLOURS = ("#d9480f", "#1c7ed6", "#2f9e44", "#ae3ec9", "#b08900")


class Picture:
    """A name, a title, what the axes say, and lines: a name and its points."""

    def __init__(self, name, title, across, up, logarithmic=True):
        self.name, self.title, self.across, self.up, self.logarithmic = name, title, across, up, logarithmic
        self.lines = []

    def add(self, name, points):
        shown = [(x, y) for x, y in points if not self.logarithmic or y > 0]
        if shown:
            self.lines.append((name, sorted(shown)))

    def script(self):
        numbers = [x for _, points in self.lines for x, _ in points]
        log = "xy" if self.logarithmic else "x"
        plots = ", ".join(f"$line{number} with linespoints linewidth 2 pointtype 7 pointsize 0.5 "
                          f"linecolor rgb '{COLOURS[number % len(COLOURS)]}' title '{name}'"
                          for number, (name, _) in enumerate(self.lines))
        blocks = "\n".join(f"$line{number} << END\n" + "\n".join(f"{x} {y:.6g}" for x, y in points) + "\nEND"
                           for number, (_, points) in enumerate(self.lines))
        return f"""set terminal svg size 720,400 dynamic font 'sans-serif,13'
set title '{self.title}' textcolor rgb '{GREY}'
set xlabel '{self.across}' textcolor rgb '{GREY}'
set ylabel '{self.up}' textcolor rgb '{GREY}'
set border 3 linecolor rgb '{GREY}'
set tics nomirror textcolor rgb '{GREY}'
set grid linecolor rgb '{GREY}' linewidth 0.3
set key below textcolor rgb '{GREY}'
set logscale {log}
set xrange [{10 ** math.floor(math.log10(min(numbers)))}:{1.1 * max(numbers)}]
set format x '%.0s%c'
set format y '%g'
{blocks}
plot {plots}
"""

    def draw(self, folder):
        done = subprocess.run(["gnuplot"], input=self.script(), capture_output=True, text=True, check=False)
        if done.returncode or not done.stdout.startswith("<?xml"):
            raise SystemExit(f"performance: gnuplot cannot draw {self.name}: {done.stderr.strip()}")
        (folder / f"{self.name}.svg").write_text(done.stdout, encoding="utf-8")
