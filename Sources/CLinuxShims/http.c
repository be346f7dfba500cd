#include "hw_http.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
  option_follow = 52,
  option_no_signal = 99,
  option_authentication = 107,
  option_timeout = 155,
  option_connect_timeout = 156,
  option_protocols = 181,
  info_response_code = 0x200002,
  protocols_http_and_https = 3,
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
      global_init(global_default) == 0) {
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

void hw_http_get(hw_http_client *client, const char *url, const char *credentials,
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
    client->easy_setopt(handle, option_authentication, (long)authentication_basic_or_digest);
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
  }
  reply->length = body.length;
  // The buffers end with this call.
  client->easy_reset(handle);
}
