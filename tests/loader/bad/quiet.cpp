// Nothing is wrong in here: what is wrong stands around it (its digest, its twin).
#include "zoo_sink.h"

CERTBRIDGE_PLUGIN(certbridge::zoo::QuietPlugin, ZOO_NAME, "1.0.0")
