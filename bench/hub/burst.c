/*
 * Sends datagrams as fast as the machine can, or at a rate.
 *
 *   cc -O2 -o burst bench/hub/burst.c
 *   burst HOST PORT COUNT RATE FILE
 *
 * FILE holds datagrams, each behind its length as four bytes, the least significant first; they are
 * sent in turn until COUNT are. RATE is in datagrams per second; 0 is as fast as possible. Prints
 * {"sent":N,"failed":N,"seconds":S}.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void wait_until(double when) {
  struct timespec t = {(time_t)when, (long)((when - (time_t)when) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
  }
}

/* Reads the file; gives the number of datagrams, and where each is. */
static size_t load(const char *path, struct iovec **datagrams) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  if (fseek(file, 0, SEEK_END) != 0) fail(path);
  long size = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(size > 0 ? size : 1);
  if (!bytes || fread(bytes, 1, size, file) != (size_t)size) fail(path);
  fclose(file);
  size_t count = 0, room = 0;
  *datagrams = NULL;
  for (long at = 0; at + 4 <= size;) {
    uint32_t length = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
                      (uint32_t)bytes[at + 3] << 24;
    at += 4;
    if (length > (uint64_t)(size - at)) break;
    if (count == room) {
      room = room ? room * 2 : 1024;
      *datagrams = realloc(*datagrams, room * sizeof **datagrams);
      if (!*datagrams) fail("realloc");
    }
    (*datagrams)[count].iov_base = bytes + at;
    (*datagrams)[count].iov_len = length;
    count++;
    at += length;
  }
  return count;
}

static int open_socket(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found;
  int error = getaddrinfo(host, port, &hints, &found);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
    exit(1);
  }
  int fd = socket(found->ai_family, SOCK_DGRAM, 0);
  if (fd < 0) fail("socket");
  if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) fail("connect");
  freeaddrinfo(found);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: burst HOST PORT COUNT RATE FILE\n");
    return 2;
  }
  long count = atol(argv[3]);
  double rate = atof(argv[4]);
  struct iovec *datagrams;
  size_t kinds = load(argv[5], &datagrams);
  if (kinds == 0) {
    fprintf(stderr, "%s holds no datagram\n", argv[5]);
    return 1;
  }
  int fd = open_socket(argv[1], argv[2]);
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages);
  long sent = 0, failed = 0;
  double start = now();
  while (sent + failed < count) {
    long batch = count - sent - failed;
    if (batch > BATCH) batch = BATCH;
    if (rate > 0) {
      /* What is due by now; at least a millisecond's worth is awaited. */
      long due = (long)((now() - start) * rate) - sent - failed;
      if (due <= 0) {
        double pause = 1 / rate > 0.001 ? 1 / rate : 0.001;
        wait_until(start + (sent + failed) / rate + pause);
        continue;
      }
      if (due < batch) batch = due;
    }
    for (long i = 0; i < batch; i++) {
      messages[i].msg_hdr.msg_iov = &datagrams[(sent + failed + i) % kinds];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    int done = sendmmsg(fd, messages, batch, 0);
    if (done > 0) sent += done;
    else if (errno == ECONNREFUSED || errno == ENOBUFS) failed++;
    else if (errno != EINTR) fail("sendmmsg");
  }
  printf("{\"sent\":%ld,\"failed\":%ld,\"seconds\":%.6f}\n", sent, failed, now() - start);
  close(fd);
  return 0;
}
