"""GPUs by NVIDIA's management library, where it is installed."""

from typing import Any, Optional

_LIBRARIES = ("libnvidia-ml.so.1", "libnvidia-ml.so")
_NAME_BYTES = 96
_MOST_GPUS = 64


class Gpus:
    """The GPUs of this machine. None of its methods raises.

    Parameters
    ----------
    library : str, optional
        The library's file. Default: where the system's loader finds NVIDIA's.
    """

    def __init__(self, library: Optional[str] = None) -> None:
        self._nvml = _load(_LIBRARIES if library is None else (library,))

    def sample(self) -> Optional[list[dict[str, Any]]]:
        """Each GPU now, by the names of the message; None without the library.

        `utilization` is a share of 1; what a GPU does not tell is None.
        """
        if self._nvml is None:
            return None
        try:
            return self._sample(self._nvml)
        except Exception:
            return None

    def _sample(self, nvml: Any) -> Optional[list[dict[str, Any]]]:
        import ctypes
        count = ctypes.c_uint()
        if nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
            return None
        found = []
        for index in range(min(count.value, _MOST_GPUS)):
            device = ctypes.c_void_p()
            if nvml.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(index),
                                                  ctypes.byref(device)) == 0:
                found.append({"index": index, **_device(nvml, device)})
        return found


def _load(names: "tuple[str, ...]") -> Any:
    try:
        import ctypes
    except ImportError:
        return None
    for name in names:
        try:
            nvml = ctypes.CDLL(name)
            if nvml.nvmlInit_v2() == 0:
                return nvml
        except (OSError, AttributeError):
            pass
    return None


def _device(nvml: Any, device: Any) -> dict[str, Any]:
    import ctypes

    class Utilization(ctypes.Structure):
        _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))

    class Memory(ctypes.Structure):
        _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong),
                    ("used", ctypes.c_ulonglong))

    name = ctypes.create_string_buffer(_NAME_BYTES)
    used, memory, power = Utilization(), Memory(), ctypes.c_uint()

    def told(function: str, *arguments: Any) -> bool:
        try:
            return bool(getattr(nvml, function)(device, *arguments) == 0)
        except AttributeError:
            return False

    named = told("nvmlDeviceGetName", name, ctypes.c_uint(_NAME_BYTES))
    has_use = told("nvmlDeviceGetUtilizationRates", ctypes.byref(used))
    has_memory = told("nvmlDeviceGetMemoryInfo", ctypes.byref(memory))
    has_power = told("nvmlDeviceGetPowerUsage", ctypes.byref(power))
    return {
        "name": name.value.decode("utf-8", "replace") if named else None,
        "utilization": used.gpu / 100 if has_use else None,
        "memory_total_bytes": memory.total if has_memory else None,
        "memory_used_bytes": memory.used if has_memory else None,
        # Milliwatts.
        "power_w": power.value / 1000 if has_power else None,
    }
