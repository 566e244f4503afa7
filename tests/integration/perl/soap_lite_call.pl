# Writes the envelope of an rpc/encoded call as SOAP::Lite makes it:  soap_lite_call.pl NAMESPACE OPERATION NAME=VALUE…
use strict;
use warnings;
use SOAP::Lite;
use Encode qw(decode_utf8);

my ($uri, $operation, @pairs) = @ARGV;
my @parameters;
for my $pair (@pairs) {
    my ($name, $value) = split /=/, decode_utf8($pair), 2;
    push @parameters, SOAP::Data->name($name => $value)->type('string');
}
binmode STDOUT, ':utf8';
print SOAP::Serializer->new->encoding('UTF-8')->envelope(method => SOAP::Data->name($operation)->uri($uri)->prefix('m'), @parameters);
