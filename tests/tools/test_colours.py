"""The colours of the charts can be told apart, also by those who see fewer of them."""

import itertools
import math
import os
import re
import unittest

from command_line import SOURCE, main

# What is left of linear red, green and blue: Machado, Oliveira and Fernandes (2009), severity 1.
VISIONS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                 (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                (0.004733, 0.691367, 0.303900)),
}
APART = 20  # in CIELAB; 2.3 is a difference just seen


def linear(colour):
    parts = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]


def seen(colour, vision):
    rgb = linear(colour)
    return [min(1, max(0, sum(a * b for a, b in zip(row, rgb)))) for row in vision]


def cielab(rgb):
    red, green, blue = rgb
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


class Colours(unittest.TestCase):
    def test_the_series_of_a_chart_are_apart(self):
        with open(os.path.join(SOURCE, "assets", "report", "page.css"), encoding="utf-8") as file:
            pairs = re.findall(r"--series-\d: light-dark\((#\w{6}), (#\w{6})\)", file.read())
        self.assertEqual(len(pairs), 6)
        for colours in zip(*pairs):
            for name, vision in VISIONS.items():
                labs = {colour: cielab(seen(colour, vision)) for colour in colours}
                for one, other in itertools.combinations(colours, 2):
                    self.assertGreater(math.dist(labs[one], labs[other]), APART,
                                       (name, one, other))


if __name__ == "__main__":
    main()
