"""What the typed classes of resources.py share: names in Python's spelling, and one cloud as a provider. No logic of a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import pulumi
from pulumi import Input, ResourceOptions
from pydantic.alias_generators import to_camel

from yunwang.stacks.pulumi.schema import PACKAGE, token


class Provider(pulumi.ProviderResource):
    """One cloud of clouds.yaml, for resources that are given `provider=`."""

    def __init__(
        self, resource_name: str, *, cloud: Input[str], config_file: Input[str] | None = None, opts: ResourceOptions | None = None
    ):
        super().__init__(PACKAGE, resource_name, {"cloud": cloud, "configFile": config_file}, opts)


class Resource(pulumi.CustomResource):
    """A resource of ours; its outputs are attributes."""

    told: ClassVar[Iterable[str]] = ()
    """Properties, in camelCase, that only the cloud knows."""

    def __init__(self, resource_name: str, said: Mapping[str, Any], opts: ResourceOptions | None) -> None:
        properties = {to_camel(name): value for name, value in said.items()}
        super().__init__(token(type(self).__name__), resource_name, {**dict.fromkeys(self.told), **properties}, opts)

    def __getattr__(self, name: str) -> Any:
        """The SDK keeps outputs in the schema's spelling."""
        try:
            return self.__dict__[to_camel(name)]
        except KeyError:
            raise AttributeError(name) from None
