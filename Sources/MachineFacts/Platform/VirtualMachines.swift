/// Which hypervisor a machine runs under, by what it calls itself.
package enum VirtualMachines {
  /// The hypervisor by its CPUID signature; nil for one that is not listed.
  package static func name(signature: String) -> String? {
    signatures.first { signature.hasPrefix($0.0) }?.1
  }

  /// The hypervisor by the firmware's texts; nil where they name a real machine or nothing.
  package static func name(systemVendor: String?, productName: String?, boardVendor: String?)
    -> String?
  {
    let product = productName ?? ""
    let texts = [systemVendor ?? "", product, boardVendor ?? ""].map { $0.lowercased() }
    // Amazon's and others' bare-metal machines carry the cloud's name, too.
    if isBareMetal(product) { return nil }
    if texts[0].hasPrefix("microsoft"), texts[1] == "virtual machine" { return "microsoft" }
    // "Hetzner" and "vServer" are two files.
    let joined = texts.joined(separator: " ")
    return firmware.first { joined.contains($0.0) }?.1
  }

  /// Whether a cloud's product is a whole machine: `c6g.metal`.
  package static func isBareMetal(_ product: String) -> Bool {
    product.hasSuffix(".metal") || product.contains(".metal-")
  }

  /// Whether a maker's name is that of a maker of real machines: its own firmware wrote it.
  package static func isMakerOfRealMachines(_ vendor: String) -> Bool {
    let vendor = vendor.lowercased()
    return makers.contains { vendor.hasPrefix($0) }
  }

  private static let makers = [
    "ampere", "adlink", "apple inc", "asrock", "asus", "dell", "foxconn", "fujitsu", "giga",
    "gigabyte", "hewlett", "hp", "hpe", "huawei technologies", "ibm", "inspur", "intel", "lenovo",
    "loongson", "marvell", "cavium", "msi", "micro-star", "nvidia", "penguin", "phytium",
    "qualcomm", "quanta", "raspberry", "samsung", "solidrun", "supermicro", "super micro", "tyan",
    "wiwynn", "xfusion", "acer", "framework", "system76", "zte", "cray",
  ]

  /// PCI vendors whose functions are in virtual machines only.
  package static let pciVendors: [String: String] = [
    "0x80ee": "virtualbox", "0x15ad": "vmware", "0x1ab8": "parallels", "0x5853": "xen",
    "0x1b36": "kvm", "0x1234": "kvm",
  ]

  private static let signatures: [(String, String)] = [
    ("KVMKVMKVM", "kvm"), ("Linux KVM Hv", "kvm"), ("VMwareVMware", "vmware"),
    ("Microsoft Hv", "microsoft"), ("XenVMMXenVMM", "xen"), ("TCGTCGTCGTCG", "qemu"),
    ("bhyve bhyve", "bhyve"), ("VBoxVBoxVBox", "virtualbox"), (" lrpepyh vr", "parallels"),
    ("prl hyperv", "parallels"), ("ACRNACRNACRN", "acrn"), ("QNXQVMBSQG", "qnx"),
    ("Jailhouse", "jailhouse"), ("SRESRESRESRE", "lockheed-martin"), ("VirtualApple", "apple"),
  ]

  private static let firmware: [(String, String)] = [
    ("qemu", "kvm"), ("kvm", "kvm"), ("vmware", "vmware"), ("virtualbox", "virtualbox"),
    ("innotek", "virtualbox"), ("amazon ec2", "kvm"), ("google compute engine", "kvm"),
    ("openstack", "kvm"), ("xen", "xen"), ("bhyve", "bhyve"), ("parallels", "parallels"),
    ("firecracker", "kvm"), ("bochs", "bochs"), ("apple virtualization", "apple"),
    ("rhev", "kvm"), ("ovirt", "kvm"), ("nutanix", "kvm"), ("alibaba cloud", "kvm"),
    ("digitalocean", "kvm"), ("hetzner vserver", "kvm"), ("vserver", "kvm"),
    ("virtual machine", "unknown"),
    ("tencent cloud", "kvm"), ("scaleway", "kvm"), ("linode", "kvm"), ("vultr", "kvm"),
    ("upcloud", "kvm"), ("ovhcloud", "kvm"), ("oracle cloud", "kvm"), ("huawei cloud", "kvm"),
    ("exoscale", "kvm"), ("proxmox", "kvm"), ("akamai", "kvm"), ("civo", "kvm"),
    ("cloud hypervisor", "kvm"),
  ]
}
