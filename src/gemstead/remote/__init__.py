"""The same Generator over HTTP, for models behind endpoints that are not ours.

`address` knows where and with which key, `dialect` what is sent, `reply` what comes back, `model` how to persist.
"""

from gemstead.remote.address import EndpointSettings
from gemstead.remote.model import RemoteModel, connect

__all__ = ["EndpointSettings", "RemoteModel", "connect"]
