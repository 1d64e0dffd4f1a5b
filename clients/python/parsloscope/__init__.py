"""Parsloscope for Parsl programs.

`from parsloscope import MonitoringHub` in place of Parsl's own, and workers report to a
Parsloscope hub.

Importing this package has one effect on Parsl: a HighThroughputExecutor that is made afterwards
without a `remote_monitoring_radio` gets `parsloscope.htex.DefaultRadio`. That is Parsl's HTEXRadio,
unless the run's MonitoringHub is ours and has a `hub_address`: then it is Parsl's UDPRadio to the
hub. Executors that have a radio of their own, or were made before, are as they were.
"""

from parsloscope import htex
from parsloscope.hub import MonitoringHub
from parsloscope.radio import UDPRadio

__all__ = ["MonitoringHub", "UDPRadio"]
# The package's version; pyproject.toml reads it here, and the project's tests hold it to deno.json.
__version__ = "0.1.0"

htex.install()
