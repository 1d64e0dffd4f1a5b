"""Parsloscope for Parsl programs: `from parsloscope import MonitoringHub` in place of Parsl's own."""

from parsloscope import htex
from parsloscope.hub import MonitoringHub
from parsloscope.radio import UDPRadio

__all__ = ["MonitoringHub", "UDPRadio"]
__version__ = "0.1.0"

htex.install()
