#include "hw_pci.h"
