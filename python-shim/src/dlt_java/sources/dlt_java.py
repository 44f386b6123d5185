# SPDX-License-Identifier: Apache-2.0
"""The sources that dlt finds by the names `dlt_java.chess` and `dlt_java.rest_api`.

dlt looks for `<section>.<name>` in the module `sources.<section>` of each package that is one of
its plugins. Shorter names would take the place of a user's or dlt's own sources.
"""

from dlt_java.chess import source as chess
from dlt_java.rest_api import rest_api

__all__ = ["chess", "rest_api"]
