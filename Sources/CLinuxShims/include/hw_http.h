#ifndef HW_HTTP_H
#define HW_HTTP_H

/// HTTP through the system's libcurl, loaded at run time: its interface is variadic, and most machines need no
/// network meter and thus no libcurl.

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A connection that is kept open between requests.
typedef struct hw_http_client hw_http_client;

/// What one request left.
typedef struct hw_http_reply {
  /// The HTTP status, or 0 where there was no answer.
  long status;
  /// Libcurl's number for what went wrong, or 0.
  int error;
  /// Bytes of the body; more than `capacity` fails the request.
  size_t length;
  /// Not 0 where the answer asked for credentials in a way that libcurl was told to use (basic or digest).
  long asked;
  /// Libcurl's words for what went wrong; empty where nothing did.
  char problem[256];
  /// The whole address that a redirect names; empty without one.
  char location[512];
} hw_http_reply;

/// Of libcurl's numbers: nobody vouches for the certificate, the file of certificates cannot be used, and the answer is
/// longer than the room for it.
enum { hw_http_untrusted = 60, hw_http_no_authorities = 77, hw_http_too_much = 23 };

/// Loads libcurl. Returns NULL where it is not installed.
hw_http_client *_Nullable hw_http_open(void);
void hw_http_close(hw_http_client *client);

/// One GET of a http or https address: no redirects, no proxies, certificates checked. `credentials` is
/// `user:password`, sent with the question where `at_once` is not 0 and else when the other side asks for them;
/// `authorities` a file of certificates; either may be NULL.
void hw_http_get(hw_http_client *client, const char *url, const char *_Nullable credentials,
                 int at_once, const char *_Nullable authorities, long timeout_ms, uint8_t *body,
                 size_t capacity, hw_http_reply *reply);

/// One question over plain TCP and its whole answer, up to where the other side closes or sends a NUL, which is left out.
/// `url` is `http://HOST:PORT`. `status` of the reply is 200 for an answer, 0 for none.
void hw_http_exchange(hw_http_client *client, const char *url, const char *question,
                      long timeout_ms, uint8_t *body, size_t capacity, hw_http_reply *reply);

#pragma clang assume_nonnull end

#endif
