# SPDX-License-Identifier: Apache-2.0
"""What the README in the folder above needs, this one needs too."""

import README  # noqa: F401
