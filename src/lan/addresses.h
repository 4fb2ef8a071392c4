// Under which addresses other machines of the local network reach this one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::lan {

bool IsIpv4(std::string_view address);
// RFC 1918, and RFC 6598, which some networks use alike.
bool IsPrivateIpv4(std::string_view address);
// 127.0.0.0/8: this machine itself.
bool IsLoopbackIpv4(std::string_view address);

// IPv4 addresses of this machine in private networks, those of its own physical network first: bridges to virtual machines and
// containers, which no phone reaches, come last. Empty where there are none.
std::vector<std::string> PrivateAddresses();

}  // namespace speechcoach::lan
