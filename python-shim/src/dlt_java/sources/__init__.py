# SPDX-License-Identifier: Apache-2.0
"""Where dlt looks for sources of this package by their names: it is an entry point of group `dlt`.

`dlt_java.chess` and `dlt_java.rest_api` are found; see the module `dlt_java` in here.
"""
