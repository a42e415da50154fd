namespace SagaFlow.Tests.Tidy;

/// <summary>Blanks out what is not code in C#: comments and the insides of literals.</summary>
/// <remarks>
/// Rules that look for words must not find them in prose, and rules that count braces must not count those in text. The holes
/// of an interpolated string are blanked with it: no rule here looks into one.
/// </remarks>
internal static class CSharpText
{
    public static string Blank(string text)
    {
        var code = text.ToCharArray();
        var position = 0;
        while (position < text.Length)
        {
            var end = EndOfText(text, position);
            if (end == position)
            {
                position++;
                continue;
            }

            for (; position < end; position++)
            {
                code[position] = text[position] is '\n' ? '\n' : ' ';
            }
        }

        return new string(code);
    }

    /// <summary>Finds where the comment or literal that begins here ends; the position itself if none begins here.</summary>
    private static int EndOfText(string text, int start)
    {
        var rest = text.AsSpan(start);
        return rest switch
        {
            ['/', '/', ..] => EndOfLine(text, start),
            ['/', '*', ..] => After(text, "*/", start + 2),
            ['\'', ..] => EndOfQuoted(text, start + 1, '\''),
            ['"', ..] or ['$', ..] or ['@', ..] => EndOfString(text, start),
            _ => start,
        };
    }

    private static int EndOfString(string text, int start)
    {
        var quote = start;
        while (quote < text.Length && text[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote == text.Length || text[quote] != '"')
        {
            return start;
        }

        var prefix = text.AsSpan(start, quote - start);
        var quotes = text.AsSpan(quote).IndexOfAnyExcept('"') is var count and >= 0 ? count : text.Length - quote;
        return prefix.Contains('@') ? EndOfVerbatim(text, quote + 1)
            : quotes >= 3 ? After(text, new string('"', quotes), quote + quotes)
            : prefix.Contains('$') ? EndOfInterpolated(text, quote + 1)
            : EndOfQuoted(text, quote + 1, '"');
    }

    private static int EndOfQuoted(string text, int position, char quote)
    {
        while (position < text.Length && text[position] != quote && text[position] != '\n')
        {
            position += text[position] == '\\' ? 2 : 1;
        }

        return Math.Min(position + 1, text.Length);
    }

    private static int EndOfVerbatim(string text, int position)
    {
        while (position < text.Length)
        {
            if (text[position] != '"')
            {
                position++;
            }
            else if (position + 1 < text.Length && text[position + 1] == '"')
            {
                position += 2;
            }
            else
            {
                return position + 1;
            }
        }

        return position;
    }

    /// <summary>Skips the holes of an interpolated string: a string within a hole has quotes that do not end the outer one.</summary>
    private static int EndOfInterpolated(string text, int position)
    {
        var depth = 0;
        while (position < text.Length)
        {
            switch (text[position])
            {
                case '"' when depth == 0:
                    return position + 1;
                case '"' or '\'' or '$' or '@' when depth > 0 && EndOfText(text, position) is var end && end > position:
                    position = end;
                    continue;
                case '{' when depth == 0 && position + 1 < text.Length && text[position + 1] == '{':
                    position += 2;
                    continue;
                case '{':
                    depth++;
                    break;
                case '}' when depth > 0:
                    depth--;
                    break;
                case '\\' when depth == 0:
                    position++;
                    break;
                default:
                    break;
            }

            position++;
        }

        return position;
    }

    private static int EndOfLine(string text, int start) => text.IndexOf('\n', start) is var end and >= 0 ? end : text.Length;

    private static int After(string text, string mark, int start) =>
        text.IndexOf(mark, start, StringComparison.Ordinal) is var at and >= 0 ? at + mark.Length : text.Length;
}
