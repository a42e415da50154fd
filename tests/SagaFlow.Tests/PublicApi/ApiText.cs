using System.Reflection;
using System.Runtime.CompilerServices;

namespace SagaFlow.Tests.PublicApi;

/// <summary>Writes down what an assembly lets strangers use, one line for each member, sorted.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => Of(assembly.GetExportedTypes());

    public static string Of(IEnumerable<Type> types)
    {
        var blocks = types.OrderBy(x => x.FullName, StringComparer.Ordinal).Select(Describe).ToList();
        return blocks.Count == 0 ? "(nothing is public)\n" : string.Join('\n', blocks);
    }

    private static string Describe(Type type)
    {
        var members = type.IsEnum ? EnumMembers(type)
            : IsDelegate(type) ? []
            : Members(type).Order(StringComparer.Ordinal);
        return string.Concat(members.Select(x => $"    {x}\n").Prepend(Head(type) + "\n"));
    }

    private static string Head(Type type)
    {
        if (IsDelegate(type))
        {
            return "delegate " + MemberText.Method(type.GetMethod("Invoke")!, $"{type.Namespace}.{TypeText.Declared(type)}");
        }

        var parents = Parents(type).Order(StringComparer.Ordinal).ToList();
        var bases = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
            ? parents.Prepend(TypeText.Of(parent)).ToList()
            : parents;
        return $"{Kind(type)} {type.Namespace}.{TypeText.Declared(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    /// <summary>The interfaces of a type that it does not have from its base already.</summary>
    private static IEnumerable<string> Parents(Type type) => type.IsEnum ? [] : type.GetInterfaces()
        .Except(type.BaseType?.GetInterfaces() ?? [])
        .Where(x => x.IsVisible)
        .Select(x => TypeText.Of(x));

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => IsReadOnly(type) ? "readonly struct" : "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);

    private static IEnumerable<string> EnumMembers(Type type) =>
        Enum.GetNames(type).Select(x => $"{x} = {Convert.ChangeType(Enum.Parse(type, x), Enum.GetUnderlyingType(type), null)}");

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var member in type.GetMembers(Declared).Where(x => !x.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)))
        {
            var text = member switch
            {
                ConstructorInfo { IsStatic: false } x when IsOpen(x) => MemberText.Constructor(x),
                MethodInfo x when IsOpen(x) && (!x.IsSpecialName || x.Name.StartsWith("op_", StringComparison.Ordinal)) => MemberText.Method(x),
                PropertyInfo x when x.GetAccessors(nonPublic: true).Any(IsOpen) => MemberText.Property(x),
                EventInfo x when IsOpen(x.AddMethod!) => MemberText.Event(x),
                FieldInfo x when x.IsPublic || x.IsFamily || x.IsFamilyOrAssembly => MemberText.Field(x),
                _ => null,
            };
            if (text is not null)
            {
                yield return text;
            }
        }
    }

    internal static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsDelegate(Type type) => typeof(Delegate).IsAssignableFrom(type);
}
