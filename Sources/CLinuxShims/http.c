#include "hw_http.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Numbers of libcurl's stable binary interface (curl/curl.h).
enum {
  option_write_data = 10001,
  option_url = 10002,
  option_credentials = 10005,
  option_error_buffer = 10010,
  option_user_agent = 10018,
  option_authorities = 10065,
  option_no_proxy = 10177,
  option_write_function = 20011,
  option_connect_only = 141,
  option_follow = 52,
  option_no_signal = 99,
  option_authentication = 107,
  option_timeout = 155,
  option_connect_timeout = 156,
  option_protocols = 181,
  info_response_code = 0x200002,
  info_authentication_available = 0x200017,
  info_redirect_url = 0x10001f,
  info_active_socket = 0x50002c,
  try_again = 81,
  timed_out = 28,
  too_much = 23,
  protocols_http_and_https = 3,
  authentication_basic = 1,
  authentication_basic_or_digest = 3,
  global_default = 3,
};

struct hw_http_client {
  void *library;
  void *handle;
  void *(*easy_init)(void);
  void (*easy_cleanup)(void *);
  void (*easy_reset)(void *);
  int (*easy_setopt)(void *, int, ...);
  int (*easy_perform)(void *);
  int (*easy_getinfo)(void *, int, ...);
  const char *(*easy_strerror)(int);
  int (*easy_send)(void *, const void *, size_t, size_t *);
  int (*easy_recv)(void *, void *, size_t, size_t *);
};

struct body {
  uint8_t *bytes;
  size_t capacity;
  size_t length;
};

static size_t take(const char *bytes, size_t size, size_t count, void *context) {
  struct body *body = context;
  size_t length = size * count;
  if (length > body->capacity - body->length) return 0;
  memcpy(body->bytes + body->length, bytes, length);
  body->length += length;
  return length;
}

/// POSIX lets a data pointer of dlsym be a function's; C does not, so the bytes are copied.
static int load(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol != NULL;
}

hw_http_client *hw_http_open(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  void *library = NULL;
  for (size_t index = 0; index < sizeof names / sizeof names[0] && library == NULL; index++) {
    library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
  }
  if (library == NULL) return NULL;
  hw_http_client *client = calloc(1, sizeof *client);
  int (*global_init)(long) = NULL;
  if (client != NULL && load(library, "curl_global_init", &global_init) &&
      load(library, "curl_easy_init", &client->easy_init) &&
      load(library, "curl_easy_cleanup", &client->easy_cleanup) &&
      load(library, "curl_easy_reset", &client->easy_reset) &&
      load(library, "curl_easy_setopt", &client->easy_setopt) &&
      load(library, "curl_easy_perform", &client->easy_perform) &&
      load(library, "curl_easy_getinfo", &client->easy_getinfo) &&
      load(library, "curl_easy_strerror", &client->easy_strerror) &&
      load(library, "curl_easy_send", &client->easy_send) &&
      load(library, "curl_easy_recv", &client->easy_recv) && global_init(global_default) == 0) {
    client->library = library;
    client->handle = client->easy_init();
    if (client->handle != NULL) return client;
  }
  free(client);
  dlclose(library);
  return NULL;
}

void hw_http_close(hw_http_client *client) {
  client->easy_cleanup(client->handle);
  // The library stays loaded: it may have registered handlers that must not vanish.
  free(client);
}

void hw_http_get(hw_http_client *client, const char *url, const char *credentials, int at_once,
                 const char *authorities, long timeout_ms, uint8_t *bytes, size_t capacity,
                 hw_http_reply *reply) {
  struct body body = {bytes, capacity, 0};
  char problem[256] = "";
  void *handle = client->handle;
  memset(reply, 0, sizeof *reply);
  client->easy_reset(handle);
  client->easy_setopt(handle, option_url, url);
  client->easy_setopt(handle, option_write_function, take);
  client->easy_setopt(handle, option_write_data, &body);
  client->easy_setopt(handle, option_error_buffer, problem);
  client->easy_setopt(handle, option_user_agent, "hashwatt");
  client->easy_setopt(handle, option_no_proxy, "*");
  client->easy_setopt(handle, option_follow, 0L);
  client->easy_setopt(handle, option_no_signal, 1L);
  client->easy_setopt(handle, option_protocols, (long)protocols_http_and_https);
  client->easy_setopt(handle, option_timeout, timeout_ms);
  client->easy_setopt(handle, option_connect_timeout, timeout_ms);
  if (credentials != NULL) {
    // One way alone is used at once; of two, libcurl waits for the other side's choice.
    client->easy_setopt(handle, option_authentication,
                        (long)(at_once ? authentication_basic : authentication_basic_or_digest));
    client->easy_setopt(handle, option_credentials, credentials);
  }
  if (authorities != NULL) client->easy_setopt(handle, option_authorities, authorities);
  int status = client->easy_perform(handle);
  reply->error = status;
  if (status != 0) {
    snprintf(reply->problem, sizeof reply->problem, "%s",
             problem[0] != '\0' ? problem : client->easy_strerror(status));
  } else {
    client->easy_getinfo(handle, info_response_code, &reply->status);
    client->easy_getinfo(handle, info_authentication_available, &reply->asked);
    reply->asked &= authentication_basic_or_digest;
    char *location = NULL;
    client->easy_getinfo(handle, info_redirect_url, &location);
    if (location != NULL) snprintf(reply->location, sizeof reply->location, "%s", location);
  }
  reply->length = body.length;
  // The buffers end with this call.
  client->easy_reset(handle);
}

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits for the socket until the deadline, or a signal. Returns 0 where the deadline has passed.
static int wait_for(int socket, short event, long deadline) {
  long left = deadline - milliseconds();
  if (left <= 0) return 0;
  struct pollfd descriptor = {.fd = socket, .events = event};
  return poll(&descriptor, 1, (int)left) != 0;
}

/// Sends all of the question and takes the answer. Returns one of libcurl's numbers, 0 for a whole answer.
static int converse(const hw_http_client *client, void *handle, const char *question, long deadline,
                    struct body *body) {
  int socket = -1;
  int status = client->easy_getinfo(handle, info_active_socket, &socket);
  if (status != 0) return status;
  size_t length = strlen(question);
  for (size_t sent = 0; sent < length;) {
    size_t count = 0;
    status = client->easy_send(handle, question + sent, length - sent, &count);
    if (status == try_again) {
      if (!wait_for(socket, POLLOUT, deadline)) return timed_out;
    } else if (status != 0) {
      return status;
    }
    sent += count;
  }
  while (body->length < body->capacity) {
    size_t count = 0;
    uint8_t *start = body->bytes + body->length;
    status = client->easy_recv(handle, start, body->capacity - body->length, &count);
    if (status == try_again) {
      if (!wait_for(socket, POLLIN, deadline)) return timed_out;
      continue;
    }
    if (status != 0) return status;
    if (count == 0) return 0;
    const uint8_t *end = memchr(start, 0, count);
    if (end != NULL) {
      body->length += (size_t)(end - start);
      return 0;
    }
    body->length += count;
  }
  return too_much;
}

void hw_http_exchange(hw_http_client *client, const char *url, const char *question,
                      long timeout_ms, uint8_t *bytes, size_t capacity, hw_http_reply *reply) {
  struct body body = {bytes, capacity, 0};
  char problem[256] = "";
  memset(reply, 0, sizeof *reply);
  long deadline = milliseconds() + timeout_ms;
  // A handle of its own: the connection ends with it.
  void *handle = client->easy_init();
  if (handle == NULL) {
    snprintf(reply->problem, sizeof reply->problem, "no memory");
    return;
  }
  client->easy_setopt(handle, option_url, url);
  client->easy_setopt(handle, option_error_buffer, problem);
  client->easy_setopt(handle, option_no_proxy, "*");
  client->easy_setopt(handle, option_no_signal, 1L);
  client->easy_setopt(handle, option_protocols, (long)protocols_http_and_https);
  client->easy_setopt(handle, option_connect_only, 1L);
  client->easy_setopt(handle, option_connect_timeout, timeout_ms);
  int status = client->easy_perform(handle);
  if (status == 0) status = converse(client, handle, question, deadline, &body);
  if (status == 0) {
    reply->status = 200;
  } else {
    reply->error = status;
    snprintf(reply->problem, sizeof reply->problem, "%s",
             problem[0] != '\0' ? problem : client->easy_strerror(status));
  }
  reply->length = body.length;
  client->easy_cleanup(handle);
}
