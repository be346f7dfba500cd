#include "hw_environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { entry_limit = 16, entry_size = 8192 };

// What the environment points at: "NAME=value", or a name that nobody asks for.
static char entries[entry_limit][entry_size];
static const char *names[entry_limit];

int hw_linux_environment_set(const char *name, const char *value) {
  size_t index = 0;
  while (index < entry_limit && names[index] != NULL && strcmp(names[index], name) != 0) index++;
  if (index == entry_limit) return ENOSPC;
  char *entry = entries[index];
  if (value != NULL && strlen(name) + strlen(value) + 2 > entry_size) return E2BIG;
  const int is_new = names[index] == NULL;
  if (is_new) {
    char *copy = strdup(name);
    if (copy == NULL) return ENOMEM;
    names[index] = copy;
    // In the list under its own name first, so that it replaces what the user may have set.
    snprintf(entry, entry_size, "%s=", name);
    if (putenv(entry) != 0) return errno;
  }
  if (value != NULL)
    snprintf(entry, entry_size, "%s=%s", name, value);
  else
    snprintf(entry, entry_size, "UNUSED_BY_HASHWATT_%zu=", index);
  return 0;
}
