namespace Incidents.Server.Api.Description;

/// <summary>A body that the API's description shows: its members are the schema, its example is the example.</summary>
internal interface IShown<TSelf>
    where TSelf : IShown<TSelf>
{
    static abstract TSelf Example { get; }
}
