# SPDX-License-Identifier: Apache-2.0
"""Resources made by dlt's own code, with our generator functions in them.

dlt's `rest_api_resources` and `create_resources` run as they are, in a copy of their module's
globals in which a few names mean ours. So its validation, its merging of defaults and its error
texts stay in force, in the dlt version that is installed.
"""

from __future__ import annotations

import copy
import types
from collections.abc import Mapping, Sequence
from typing import Any, Callable

import dlt
import dlt.sources.rest_api as dlt_rest_api
from dlt.extract import DltResource
from dlt.sources.rest_api import config_setup

from dlt_java._delivery import AfterIncremental, BeforeIncremental
from dlt_java._transformations import Transformations, check
from dlt_java.exceptions import DltJavaException, OptionsException
from dlt_java.rest_api import _rows
from dlt_java.rest_api._client import WatchedClient, response_hooks
from dlt_java.rest_api._conditional import LARGEST_PAGES, MOST_PAGES
from dlt_java.rest_api._fields import parent_paths
from dlt_java.rest_api._requests import bare
from dlt_java.rest_api._step import RestApiStep

_KEY = "transformations"


def _record_endpoint_input(resource: DltResource, client: Any, path: str) -> None:
    """Puts the endpoint into the trace, as newer versions of dlt do, but without a password."""
    shown = copy.copy(client)
    shown.base_url = bare(client.base_url)
    config_setup.record_endpoint_input(resource, shown, path)


_REPLACED: dict[str, Any] = {
    "paginate_resource": _rows.paginate_resource,
    "paginate_dependent_resource": _rows.paginate_dependent_resource,
    "RESTClient": WatchedClient,
    "create_response_hooks": response_hooks,
}
# Since dlt 1.31.
if hasattr(config_setup, "record_endpoint_input"):
    _REPLACED["record_endpoint_input"] = _record_endpoint_input


def make_resources(
    config: Any,
    client_options: Mapping[str, Any],
    conditional: bool | Sequence[str] = False,
    remembered_pages: int | None = None,
) -> list[DltResource]:
    """The resources of a configuration.

    Args:
        config: As dlt takes it.
        client_options: Options of each source of the library.
        conditional: Whether pages are asked for only if they have changed, or the names of the
            resources for which they are.
        remembered_pages: Most pages of a resource that are remembered for it; `MOST_PAGES` if
            absent.

    Raises:
        OptionsException: There is no resource of a name, or the number is none.
    """
    pages = MOST_PAGES if remembered_pages is None else remembered_pages
    if type(pages) is not int or not 1 <= pages <= LARGEST_PAGES:
        raise OptionsException(f"remembered_pages must be an integer from 1 to {LARGEST_PAGES}.")
    config, transformations = without_transformations(config)
    chosen = () if isinstance(conditional, bool) else conditional
    create = _with_names(dlt_rest_api.create_resources, _REPLACED)

    def create_resources(
        client_config: Any, dependency_graph: Any, endpoints: Any, resolved_params: Any
    ) -> dict[str, DltResource]:
        resources: dict[str, DltResource] = create(
            client_config, dependency_graph, endpoints, resolved_params
        )
        unknown = sorted(set(chosen) - set(resources))
        if unknown:
            raise OptionsException(
                f"conditional_requests names {unknown}, but the resources are {sorted(resources)}."
            )
        for name, resource in resources.items():
            if not isinstance(endpoints[name], DltResource):
                params = resolved_params[name]
                included = endpoints[name].get("include_from_parent", [])
                paths = None if params is None else parent_paths(params, included)
                resource.add_step(BeforeIncremental()).add_step(AfterIncremental())
                remembers = conditional is True or name in chosen
                steps = transformations.get(name)
                check(steps, name)
                step = RestApiStep(
                    name, dict(client_options), paths, pages if remembers else None, steps
                )
                resource.add_step(step)
        return resources

    names = {"create_resources": create_resources}
    made: list[DltResource] = _with_names(dlt_rest_api.rest_api_resources, names)(config)
    return made


def without_transformations(config: Any) -> tuple[Any, dict[str, Transformations]]:
    """A configuration as dlt knows it, and the transformations of its resources by name.

    Args:
        config: With the key `transformations` in resources or their defaults; not changed.
    """
    if not isinstance(config, Mapping):
        return config, {}
    defaults, resources = config.get("resource_defaults"), config.get("resources")
    shared = defaults.get(_KEY) if isinstance(defaults, Mapping) else None
    found: dict[str, Transformations] = {}
    if isinstance(resources, (list, tuple)):
        for resource in resources:
            own = resource if isinstance(resource, Mapping) else {"name": resource}
            steps = own.get(_KEY, shared)
            if isinstance(own.get("name"), str) and steps is not None:
                found[own["name"]] = steps
        resources = [_without_key(resource) for resource in resources]
    changes = {"resource_defaults": _without_key(defaults), "resources": resources}
    return {**config, **{key: changes[key] for key in changes if key in config}}, found


def _without_key(given: Any) -> Any:
    if not isinstance(given, Mapping) or _KEY not in given:
        return given
    return {key: value for key, value in given.items() if key != _KEY}


def _with_names(function: Any, names: Mapping[str, Any]) -> Callable[..., Any]:
    code: types.CodeType = function.__code__
    nested = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    used = set(code.co_names).union(*(inner.co_names for inner in nested))
    missing = sorted(set(names) - used)
    if missing:
        raise DltJavaException(
            f"dlt-java does not know dlt {dlt.__version__}: `{function.__name__}` does not use"
            f" {missing}. Use dlt 1.26 to 1.31, or a newer dlt-java."
        )
    return types.FunctionType(
        code,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
