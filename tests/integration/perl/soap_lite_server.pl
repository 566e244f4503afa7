# An rpc/encoded service of SOAP::Lite on a free port:  soap_lite_server.pl NAMESPACE
# It writes "ready port=N", then one line for each call: the arguments as hexadecimal UTF-8.
use strict;
use warnings;
use Encode qw(encode_utf8);
use SOAP::Transport::HTTP;

package CaseService;
sub receiveClue {
    my (undef, @arguments) = @_;
    print 'call ', join(' ', map { unpack 'H*', Encode::encode_utf8($_) } @arguments), "\n";
    return SOAP::Data->name(receiveClueReturn => '<RESULT><CODE>0</CODE></RESULT>')->type('string');
}

package main;
$| = 1;
my $daemon = SOAP::Transport::HTTP::Daemon->new(LocalAddr => '127.0.0.1', LocalPort => 0);
$daemon->dispatch_with({ $ARGV[0] => 'CaseService' });
print 'ready port=', URI->new($daemon->url)->port, "\n";
$daemon->handle;
