# SPDX-License-Identifier: Apache-2.0
"""The chart is drawn without a screen, and the same each time."""

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "tutorial"
