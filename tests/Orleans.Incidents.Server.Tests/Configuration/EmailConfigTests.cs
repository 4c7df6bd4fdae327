using Incidents.Delivery;
using Incidents.Responders;

namespace Incidents.Server.Tests.Configuration;

/// <summary>The section <c>email</c> and contacts by email.</summary>
public sealed class EmailConfigTests
{
    public static readonly string[] GoodAddresses = ["a@b", "first.last+pager@mail.example.com", "o'brien@xn--bcher-kva.example", new string('a', 64) + "@" + new string('b', 63)];

    public static readonly string[] BadAddresses =
        ["a", "@b", "a@", "a@b@c", "a b@c", "a.@b", "a@b..c", "a@-b", "ü@b", "Alice <a@b>", "a@[127.0.0.1]", new string('a', 65) + "@b", "a@" + new string('b', 64)];

    private const string Alone = "email:\n  host: mail.example.com\n  from: oncall@example.com\n";

    [Fact]
    public void What_is_said_arrives()
    {
        var catalogue = ConfigText.Catalogue(Alone + "  tls: implicit\n  port: 4650\n  username: oncall\n  password: file:secrets/token\nresponders:\n  alice: {contacts: [{channel: email, address: alice@example.com}]}\n");

        Assert.Equal(new EmailServer("mail.example.com", 4650, EmailSecurity.Implicit, "oncall@example.com", "oncall", "file:/etc/incidents/secrets/token"), catalogue.Email);
        Assert.Equal(new Contact("email", "alice@example.com", null), catalogue.Responders["alice"].Contacts.Single());
    }

    [Theory]
    [InlineData("", EmailSecurity.StartTls, 587)]
    [InlineData("  tls: starttls\n", EmailSecurity.StartTls, 587)]
    [InlineData("  tls: implicit\n", EmailSecurity.Implicit, 465)]
    [InlineData("  tls: none\n", EmailSecurity.None, 25)]
    public void The_port_follows_the_protection(string tls, EmailSecurity security, int port)
    {
        var email = ConfigText.Catalogue(Alone + tls).Email!;
        Assert.Equal((security, port, null, null), (email.Tls, email.Port, email.Username, email.PasswordRef));
    }

    [Theory]
    [InlineData("")]
    [InlineData("email:\n")]
    public void Nothing_said_is_no_mail_server(string yaml) => Assert.Null(ConfigText.Catalogue(yaml + "services: {}\n").Email);

    [Theory]
    [InlineData("email: {}", "incidents.yaml:1:1: email.host: is required", "incidents.yaml:1:1: email.from: is required")]
    [InlineData("email: {host: a, from: b@c, hots: d}", "incidents.yaml:1:29: email: unknown key \"hots\"; did you mean \"host\"?")]
    [InlineData("email: {host: a b, from: b@c}", "incidents.yaml:1:15: email.host: expected a host name or an IP address, found \"a b\"")]
    [InlineData("email: {host: smtp://a, from: b@c}", "incidents.yaml:1:15: email.host: expected a host name or an IP address, found \"smtp://a\"")]
    [InlineData("email: {host: a, from: Bob <b@c>}", "incidents.yaml:1:24: email.from: expected an address such as name@example.com, found \"Bob <b@c>\"")]
    [InlineData("email: {host: a, from: b@c, port: 0}", "incidents.yaml:1:35: email.port: expected a port from 1 to 65535, found \"0\"")]
    [InlineData("email: {host: a, from: b@c, port: 65536}", "incidents.yaml:1:35: email.port: expected a port from 1 to 65535, found \"65536\"")]
    [InlineData("email: {host: a, from: b@c, tls: yes}", "incidents.yaml:1:34: email.tls: expected none, starttls or implicit, found \"yes\"")]
    [InlineData("email: {host: a, from: b@c, username: u}", "incidents.yaml:1:1: email.password: is required: a user name and a password go together")]
    [InlineData("email: {host: a, from: b@c, password: env:TOKEN}", "incidents.yaml:1:1: email.username: is required: a user name and a password go together")]
    [InlineData("email: {host: a, from: b@c, username: u, password: hunter2}", "incidents.yaml:1:52: email.password: write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("email: {host: a, from: b@c, username: u, password: env:ABSENT}", "incidents.yaml:1:52: email.password: the environment variable ABSENT is not set")]
    [InlineData("email: {host: mail.example.com, from: b@c, tls: none, username: u, password: env:TOKEN}", "incidents.yaml:1:78: email.password: would go over the network in clear text; use tls starttls or implicit")]
    [InlineData("email: [a]", "incidents.yaml:1:8: email: expected a mapping, found a list")]
    public void Mistakes_are_named_with_their_place(string yaml, params string[] expected) => Assert.Equal(expected, ConfigText.Errors(yaml));

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public void A_password_may_go_in_clear_text_to_this_machine(string host) =>
        Assert.Equal("env:TOKEN", ConfigText.Catalogue($"email: {{host: {host}, from: b@c, tls: none, username: u, password: env:TOKEN}}").Email!.PasswordRef);

    [Theory]
    [InlineData("{channel: email}", "incidents.yaml:4:33: responders.alice.contacts[0].address: is required for email")]
    [InlineData("{channel: email, address: alice}", "incidents.yaml:4:59: responders.alice.contacts[0].address: expected an address such as name@example.com, found \"alice\"")]
    [InlineData("{channel: email, address: a@b, url: https://a}", "incidents.yaml:4:69: responders.alice.contacts[0].url: does not apply to email")]
    [InlineData("{channel: email, address: a@b, secret: env:SIGNING}", "incidents.yaml:4:72: responders.alice.contacts[0].secret: does not apply to email")]
    [InlineData("{channel: console, address: a@b}", "incidents.yaml:4:61: responders.alice.contacts[0].address: does not apply to the console")]
    [InlineData("{channel: webhook, url: https://a, address: a@b}", "incidents.yaml:4:77: responders.alice.contacts[0].address: does not apply to a webhook")]
    public void A_contact_by_email_has_an_address_and_nothing_else(string contact, string expected) =>
        Assert.Equal([expected], ConfigText.Errors($"{Alone}responders: {{alice: {{contacts: [{contact}]}}}}"));

    [Fact]
    public void A_contact_by_email_needs_a_mail_server() => Assert.Equal(
        ["incidents.yaml:1:35: responders.alice.contacts[0]: a contact by email needs the section email, which names the mail server"],
        ConfigText.Errors("responders: {alice: {contacts: [  {channel: email, address: a@b}]}}"));
}
