using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SagaFlow.Tests.PublicApi;

/// <summary>Writes a member down as its declaration would read.</summary>
internal static class MemberText
{
    public static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)}{TypeText.Name(constructor.DeclaringType!)}({Parameters(constructor)})";

    public static string Method(MethodInfo method, string? name = null) =>
        $"{Access(method)}{Modifiers(method)}{TypeText.Of(method.ReturnParameter)} {name ?? method.Name + Generics(method)}({Parameters(method)})";

    public static string Property(PropertyInfo property)
    {
        var open = property.GetAccessors(nonPublic: true).Where(ApiText.IsOpen).ToList();
        var widest = open.FirstOrDefault(x => x.IsPublic) ?? open[0];
        var required = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        var accessors = string.Join(" ", open.OrderBy(x => x.ReturnType == typeof(void)).Select(x => Accessor(x, widest)));
        return $"{Access(widest)}{Modifiers(widest)}{required}{TypeText.Of(property)} {(index.Length > 0 ? "this" + index : property.Name)} {{ {accessors} }}";
    }

    public static string Event(EventInfo @event) =>
        $"{Access(@event.AddMethod!)}{Modifiers(@event.AddMethod!)}event {TypeText.Of(@event.EventHandlerType!)} {@event.Name}";

    public static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "" : "protected ";
        return field.IsLiteral
            ? $"{access}const {TypeText.Of(field)} {field.Name} = {Literal(field.GetRawConstantValue())}"
            : $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeText.Of(field)} {field.Name}";
    }

    private static string Accessor(MethodInfo accessor, MethodInfo widest)
    {
        var access = accessor.IsPublic == widest.IsPublic ? "" : "protected ";
        var init = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return access + (accessor.ReturnType != typeof(void) ? "get;" : init ? "init;" : "set;");
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? "virtual " : "override ",
        _ => "",
    };

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(x => x.Name))}>" : "";

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "",
        };
        var preset = parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "";
        return $"{passing}{TypeText.Of(parameter)} {parameter.Name}{preset}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
