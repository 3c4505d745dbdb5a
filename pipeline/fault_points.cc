#include "pipeline/fault_points.h"

namespace tocsin::fault {

void Reach(Point /*point*/) {}

}  // namespace tocsin::fault
