using System.Reflection;

namespace SagaFlow.Tests.PublicApi;

/// <summary>Writes a type down as source code would name it: keywords, type arguments, question marks.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(char)] = "char", [typeof(short)] = "short", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(uint)] = "uint", [typeof(ulong)] = "ulong",
    };

    public static string Of(Type type) => Of(type, null);

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, new NullabilityInfoContext().Create(field));

    /// <summary>Names a type as its own declaration does: with its type parameters and the types it is nested in.</summary>
    public static string Declared(Type type)
    {
        var variance = type.GetGenericArguments().Select(x => Variance(x) + x.Name).ToList();
        var outer = type.DeclaringType is { } declaring ? Declared(declaring) + "." : "";
        return outer + Name(type) + (variance.Count > 0 ? $"<{string.Join(", ", variance)}>" : "");
    }

    public static string Name(Type type) => type.Name.Split('`')[0];

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        var mark = CanShowNull(type) && State(nullability) == NullabilityState.Nullable ? "?" : "";
        return Plain(type, nullability) + mark;
    }

    private static string Plain(Type type, NullabilityInfo? nullability)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]";
        }

        if (!type.IsGenericType)
        {
            return Keywords.GetValueOrDefault(type, type.IsGenericParameter ? type.Name : Nested(type));
        }

        var arguments = type.GetGenericArguments();
        var known = nullability?.GenericTypeArguments is { } all && all.Length == arguments.Length ? all : null;
        return $"{Nested(type)}<{string.Join(", ", arguments.Select((x, i) => Of(x, known?[i])))}>";
    }

    private static string Nested(Type type) => type.DeclaringType is { } outer ? $"{Name(outer)}.{Name(type)}" : Name(type);

    /// <summary>Of an unconstrained T reflection says that it may be null, with a question mark in the source or without one.</summary>
    private static bool CanShowNull(Type type) => type.IsGenericParameter
        ? type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)
        : !type.IsValueType;

    private static NullabilityState State(NullabilityInfo? nullability) => nullability switch
    {
        null => NullabilityState.Unknown,
        { ReadState: NullabilityState.Unknown } => nullability.WriteState,
        _ => nullability.ReadState,
    };

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };
}
