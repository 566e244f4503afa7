#include "connectors/soap/soap_wsdl.hpp"

#include "connectors/soap/soap_text.hpp"

namespace tongqu::soap {
namespace {

// What the caller passes, in order: credentials, then the operation's own. Empty: any elements.
std::vector<std::string> inputs_of(const Service& service, const Operation& operation) {
  std::vector<std::string> names;
  if (service.credentials.kind == CredentialKind::kParameters) {
    if (!service.credentials.user_parameter.empty()) names.push_back(service.credentials.user_parameter);
    names.push_back(service.credentials.password_parameter);
  }
  if (operation.in_string) {
    names.push_back(operation.parameter.empty() ? "xml" : operation.parameter);
  } else {
    names.insert(names.end(), operation.parameters.begin(), operation.parameters.end());
  }
  return names;
}

class Writer {
 public:
  Writer(const Service& service, const std::string& address) : service_(service), address_(address) {}

  std::string write() {
    const std::string uri = escaped(service_.uri);
    out_ =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"" + escaped(service_.name) +
        "\" targetNamespace=\"" + uri + "\" xmlns:tns=\"" + uri +
        "\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\""
        " xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n";
    if (service_.style == Style::kDocument) types();
    messages();
    port_type();
    binding("Soap11", "soap");
    binding("Soap12", "soap12");
    out_ += "  <wsdl:service name=\"" + escaped(service_.name) + "\">\n";
    for (const auto& [suffix, prefix] : {std::pair{"Soap11", "soap"}, std::pair{"Soap12", "soap12"}}) {
      out_ += "    <wsdl:port name=\"" + escaped(service_.name) + suffix +
              "\" binding=\"tns:" + escaped(service_.name) + suffix + "Binding\"><" + prefix + ":address location=\"" +
              escaped(address_) + "\"/></wsdl:port>\n";
    }
    return out_ + "  </wsdl:service>\n</wsdl:definitions>\n";
  }

 private:
  void types() {
    out_ += "  <wsdl:types>\n    <xsd:schema targetNamespace=\"" + escaped(service_.uri) + "\" elementFormDefault=\"" +
            (service_.qualified ? "qualified" : "unqualified") + "\">\n";
    for (const Operation& one : service_.operations) {
      element(one.element, inputs_of(service_, one), true);
      element(one.name + "Response", {service_.answer.element}, false);
    }
    out_ += "    </xsd:schema>\n  </wsdl:types>\n";
  }

  void element(const std::string& name, const std::vector<std::string>& parts, bool optional) {
    out_ += "      <xsd:element name=\"" + escaped(name) + "\"><xsd:complexType><xsd:sequence>";
    for (const std::string& part : parts) {
      out_ += "<xsd:element name=\"" + escaped(part) + "\" type=\"xsd:string\"" + (optional ? " minOccurs=\"0\"" : "") +
              "/>";
    }
    if (parts.empty()) out_ += "<xsd:any processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>";
    out_ += "</xsd:sequence></xsd:complexType></xsd:element>\n";
  }

  void message(const std::string& name, const std::string& element, const std::vector<std::string>& parts) {
    out_ += "  <wsdl:message name=\"" + escaped(name) + "\">";
    if (service_.style == Style::kDocument) {
      out_ += "<wsdl:part name=\"parameters\" element=\"tns:" + escaped(element) + "\"/>";
    } else {
      for (const std::string& part : parts) out_ += "<wsdl:part name=\"" + escaped(part) + "\" type=\"xsd:string\"/>";
    }
    out_ += "</wsdl:message>\n";
  }

  void messages() {
    for (const Operation& one : service_.operations) {
      message(one.name + "Request", one.element, inputs_of(service_, one));
      message(one.name + "Response", one.name + "Response", {service_.answer.element});
    }
  }

  void port_type() {
    out_ += "  <wsdl:portType name=\"" + escaped(service_.name) + "PortType\">\n";
    for (const Operation& one : service_.operations) {
      const std::string name = escaped(one.name);
      out_ += "    <wsdl:operation name=\"" + name + "\"><wsdl:input message=\"tns:" + name +
              "Request\"/><wsdl:output message=\"tns:" + name + "Response\"/></wsdl:operation>\n";
    }
    out_ += "  </wsdl:portType>\n";
  }

  void binding(const std::string& suffix, const std::string& prefix) {
    const bool rpc = service_.style != Style::kDocument;
    std::string body = "<" + prefix + ":body use=\"literal\"/>";
    if (rpc) body = "<" + prefix + ":body use=\"literal\" namespace=\"" + escaped(service_.uri) + "\"/>";
    if (service_.style == Style::kRpcEncoded) {
      body = "<" + prefix + ":body use=\"encoded\" namespace=\"" + escaped(service_.uri) +
             "\" encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"/>";
    }
    out_ += "  <wsdl:binding name=\"" + escaped(service_.name) + suffix +
            "Binding\" type=\"tns:" + escaped(service_.name) + "PortType\">\n    <" + prefix + ":binding style=\"" +
            (rpc ? "rpc" : "document") + "\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n";
    for (const Operation& one : service_.operations) {
      out_ += "    <wsdl:operation name=\"" + escaped(one.name) + "\"><" + prefix + ":operation soapAction=\"" +
              escaped(service_.uri + "/" + one.name) + "\"/><wsdl:input>" + body + "</wsdl:input><wsdl:output>" + body +
              "</wsdl:output></wsdl:operation>\n";
    }
    out_ += "  </wsdl:binding>\n";
  }

  const Service& service_;
  const std::string& address_;
  std::string out_;
};

}  // namespace

std::string wsdl_of(const Service& service, const std::string& address) { return Writer(service, address).write(); }

}  // namespace tongqu::soap
