/* Stands in for NVIDIA's management library: two GPUs, of which the second tells little. */
#include <string.h>
typedef struct { unsigned int gpu, memory; } utilization;
typedef struct { unsigned long long total, free, used; } memory_info;
static int first = 1, second = 2;
int nvmlInit_v2(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  *device = index == 0 ? &first : &second;
  return 0;
}
int nvmlDeviceGetName(void *device, char *name, unsigned int length) {
  strncpy(name, device == &first ? "Stand-in A" : "Stand-in B", length);
  return 0;
}
int nvmlDeviceGetUtilizationRates(void *device, utilization *rates) {
  rates->gpu = 37;
  rates->memory = 12;
  return device == &first ? 0 : 3;
}
int nvmlDeviceGetMemoryInfo(void *device, memory_info *memory) {
  memory->total = 80ULL << 30;
  memory->used = 5ULL << 30;
  memory->free = 75ULL << 30;
  return device == &first ? 0 : 3;
}
int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) {
  *milliwatts = 123456;
  return device == &first ? 0 : 3;
}
