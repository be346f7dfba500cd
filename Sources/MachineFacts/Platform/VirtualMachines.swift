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
    if product.hasSuffix(".metal") || product.contains(".metal-") { return nil }
    if texts[0].hasPrefix("microsoft"), texts[1] == "virtual machine" { return "microsoft" }
    return firmware.first { mark in texts.contains { $0.contains(mark.0) } }?.1
  }

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
    ("rhev", "kvm"), ("ovirt", "kvm"), ("nutanix", "kvm"), ("alibaba cloud ecs", "kvm"),
    ("digitalocean", "kvm"), ("hetzner vserver", "kvm"), ("cloud hypervisor", "kvm"),
  ]
}
