#ifndef HW_ENVIRONMENT_H
#define HW_ENVIRONMENT_H

/// Why this exists: hwloc takes the root of a captured tree only from environment variables, and `setenv` may move
/// the list of variables while another thread reads it. Here each variable gets one entry for the life of the
/// process, made at its first use and changed in place afterwards.

/// Gives `name` the value, or takes the variable away when `value` is NULL. Callers take turns.
/// Returns 0, or an errno: E2BIG for a value that is too long, ENOSPC when there are too many names.
int hw_linux_environment_set(const char *name, const char *value);

#endif
