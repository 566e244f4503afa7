# Reads an answer on standard input as SOAP::Lite does: writes the returned value, or "fault CODE".
use strict;
use warnings;
use SOAP::Lite;

binmode STDIN, ':raw';
binmode STDOUT, ':utf8';
my $answer = SOAP::Deserializer->deserialize(join '', <STDIN>);
print $answer->fault ? 'fault ' . $answer->faultcode : $answer->result;
